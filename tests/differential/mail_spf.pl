#!/usr/bin/perl
# What Mail::SPF says to the cases on its standard input: a line each, of
# result, explanation, its error, and the questions that it asked.  See
# cases.h.
use strict;
use warnings;

package Zone::Record;
sub type         { $_[0]{type} }
sub address      { $_[0]{data} }
sub ptrdname     { $_[0]{data} }
sub cname        { $_[0]{data} }
sub exchange     { ( split / /, $_[0]{data}, 2 )[1] }
sub preference   { ( split / /, $_[0]{data}, 2 )[0] }
sub char_str_list { @{ $_[0]{data} } }

package Zone::Packet;
sub answer { @{ $_[0]{answer} } }
sub header { $_[0] }
sub rcode  { $_[0]{rcode} }

package Zone;

sub errorstring { $_[0]{error} }

# A, AAAA and the like: data is text; TXT: a list of strings.
sub put {
    my ( $self, $name, $type, $data ) = @_;
    $data = '' if !defined $data;
    if ( $type eq 'TXT' && $data =~ s/^"// ) {
        $data = [ map { main::decode($_) } split /"/, $data, -1 ];
    }
    else {
        $data = main::decode($data);
    }
    push @{ $self->{names}{ lc main::decode($name) }{$type} }, $data;
    return;
}

sub packet {
    my ( $rcode, @answer ) = @_;
    return bless { rcode => $rcode, answer => \@answer }, 'Zone::Packet';
}

sub send {
    my ( $self, $name, $type ) = @_;
    my @answer;
    ( my $plain = lc $name ) =~ s/\.$//;
    push @{ $self->{asked} }, main::encode($plain) . "/$type";
    $self->{error} = '';
    for ( 1 .. 16 ) {
        my $types = $self->{names}{$plain};
        return packet( 'NXDOMAIN', @answer ) if !$types;
        for my $lost ( @{ $types->{'*'} || [] }, @{ $types->{$type} || [] } ) {
            return packet( 'SERVFAIL') if $lost eq 'SERVFAIL';
            if ( $lost eq 'TIMEOUT' ) {
                $self->{error} = 'query timed out';
                return undef;
            }
        }
        if ( $types->{$type} || !$types->{CNAME} ) {
            push @answer,
              map { bless { type => $type, data => $_ }, 'Zone::Record' }
              @{ $types->{$type} || [] };
            return packet( 'NOERROR', @answer );
        }
        my $alias = $types->{CNAME}[0];
        push @answer,
          bless { type => 'CNAME', data => $alias }, 'Zone::Record';
        $plain = lc $alias;
    }
    return packet('SERVFAIL');
}

package main;
use Mail::SPF;

sub decode {
    my ($s) = @_;
    $s =~ s/%([0-9A-F]{2})/chr hex $1/ge;
    return $s;
}

sub encode {
    my ($s) = @_;
    $s = '' if !defined $s;
    $s =~ s/([^!#\$&-+\--~])/sprintf '%%%02X', ord($1) & 255/ge;
    return $s;
}

sub ask {
    my ( $keys, $zone ) = @_;
    my ( $result, $why, $note ) = ( 'exception', '', '' );
    eval {
        my $server = Mail::SPF::Server->new(
            dns_resolver                  => $zone,
            hostname                      => 'receiver.example.net',
            default_authority_explanation => 'none-published',
        );
        my $request = Mail::SPF::Request->new(
            scope         => 'mfrom',
            versions      => [1],
            identity      => "$keys->{local}\@$keys->{domain}",
            ip_address    => $keys->{ip},
            helo_identity => $keys->{helo},
        );
        my $r = $server->process($request);
        $result = $r->code;
        $note   = $r->local_explanation if $result =~ /error/;
        $why    = $r->authority_explanation if $result eq 'fail';
        1;
    } or $note = ref $@ && $@->can('text') ? $@->text : "$@";
    $why = '' if "$why" eq 'none-published';
    print join( "\t",
        $result, encode("$why"), encode("$note"),
        join ',', @{ $zone->{asked} || [] } ),
      "\n";
    return;
}

binmode STDIN;
my ( $keys, $zone ) = ( {}, bless {}, 'Zone' );
while ( my $line = <STDIN> ) {
    chomp $line;
    my @fields = split /\t/, $line, -1;
    if ( !@fields ) {
        ask( $keys, $zone );
        ( $keys, $zone ) = ( {}, bless {}, 'Zone' );
    }
    elsif ( $fields[0] eq 'rr' ) {
        $zone->put( @fields[ 1 .. 3 ] );
    }
    else {
        $keys->{ $fields[0] } = decode( $fields[1] );
    }
}
